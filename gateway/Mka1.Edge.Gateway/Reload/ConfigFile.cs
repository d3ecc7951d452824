using System.Buffers;
using System.Security.Cryptography;
using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Gateway.Reload;

/// <summary>
/// The file a gateway is configured by. Whether it has changed is told from its content alone: time stamps and notifications differ
/// between file systems, mounts and ways of writing, and links may be swapped anywhere on the way to it.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="adjust">What the host puts in place of what the file says; null for nothing.</param>
internal sealed class ConfigFile(string path, Func<EdgeConfig, EdgeConfig>? adjust = null)
{
    private const int BufferBytes = 64 * 1024;

    public string Path => path;

    /// <summary>What tells the present content from another's; of a file that cannot be read, why.</summary>
    public string Mark()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            using var file = Open();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            while (file.Read(buffer) is > 0 and var read) hash.AppendData(buffer, 0, read);
            return MarkOf(hash.GetHashAndReset());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The present content.</summary>
    public ConfigContent Read()
    {
        try
        {
            using var file = Open();
            using var bytes = new MemoryStream();
            file.CopyTo(bytes);
            return new ConfigContent(MarkOf(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length))), bytes.ToArray());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ConfigContent(e.Message, null);
        }
    }

    /// <summary>The configuration that content stands for.</summary>
    /// <exception cref="EdgeConfigException">It cannot be read; every fault is named.</exception>
    public EdgeConfig Parse(ConfigContent content)
    {
        if (content.Bytes is null) throw new EdgeConfigException([$"{path}: {content.Mark}"]);
        var config = EdgeConfigFile.Parse(content.Text(), path);
        return adjust?.Invoke(config) ?? config;
    }

    /// <summary>Without a lock: whoever writes the file must not find it taken.</summary>
    private FileStream Open() => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private static string MarkOf(byte[] hash) => Convert.ToHexStringLower(hash);
}
