using System.Globalization;
using System.Text;

namespace Mka1.Edge.ModelServer.Prompting;

/// <summary>Spells a JSON pointer the way errors name parameters.</summary>
internal static class SchemaPaths
{
    /// <summary><c>#/properties/city/anyOf/0</c> becomes <c>.properties.city.anyOf[0]</c>; <c>#</c> becomes nothing.</summary>
    public static string FromPointer(string pointer)
    {
        var path = new StringBuilder();
        foreach (var step in pointer.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            // RFC 6901: ~1 is a slash, ~0 a tilde, in this order.
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                path.Append('[').Append(name).Append(']');
            else
                path.Append('.').Append(name);
        }

        return path.ToString();
    }
}
