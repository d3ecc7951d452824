using System.Text;

namespace Mka1.Edge.Gateway.Reload;

/// <summary>What stood in the file at one moment.</summary>
/// <param name="Mark">What tells this content from another's; of a file that cannot be read, why.</param>
/// <param name="Bytes">The content; null when the file cannot be read.</param>
internal sealed record ConfigContent(string Mark, byte[]? Bytes)
{
    /// <summary>The content as text, whatever the encoding its first bytes announce.</summary>
    public string Text()
    {
        using var reader = new StreamReader(new MemoryStream(Bytes!), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
