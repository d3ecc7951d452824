using System.Globalization;
using System.Text;

namespace Mka1.Edge.LoadTests.Wire;

/// <summary>A request as the bytes that are sent.</summary>
internal static class WireRequest
{
    /// <param name="target">Path and query.</param>
    /// <param name="headers">Headers besides host, content type and length.</param>
    /// <param name="body">JSON.</param>
    public static byte[] Post(string target, IEnumerable<KeyValuePair<string, string>> headers, string body)
    {
        var text = new StringBuilder().Append("POST ").Append(target).Append(" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n");
        foreach (var (name, value) in headers) text.Append(name).Append(": ").Append(value).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.Append("Content-Length: ").Append(Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture)).Append("\r\n\r\n").Append(body).ToString());
    }
}
