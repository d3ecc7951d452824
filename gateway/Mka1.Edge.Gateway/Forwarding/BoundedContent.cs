namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>Reads an answer's body whole, up to a bound: a model server is not trusted to be brief.</summary>
internal static class BoundedContent
{
    private const int FirstBuffer = 16 * 1024;

    /// <summary>The body; null when it is longer than <paramref name="maxBytes"/>.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpContent content, long maxBytes, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength > maxBytes) return null;
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[content.Headers.ContentLength is { } length ? (int)length + 1 : FirstBuffer];
        var filled = 0;
        while (true)
        {
            if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            var read = await stream.ReadAsync(buffer.AsMemory(filled), cancellation);
            if (read == 0) return buffer.AsSpan(0, filled).ToArray();
            filled += read;
            if (filled > maxBytes) return null;
        }
    }
}
