using System.Globalization;
using System.Text;

namespace Mka1.Edge.Stores.Postgres;

/// <summary>A statement whose conditions are not all known beforehand. Values never become part of its text.</summary>
/// <param name="statement">The statement up to and with its fixed conditions.</param>
/// <param name="parameters">Parameters that it has so far.</param>
internal sealed class Conditions(string statement, int parameters)
{
    private readonly StringBuilder _text = new(statement);
    private readonly List<object> _values = [];

    public string Text => _text.ToString();

    /// <summary>Values of the parameters behind those that the statement began with.</summary>
    public IReadOnlyList<object> Values => _values;

    /// <summary>Adds a condition. The <c>$</c> without a number in it stands for <paramref name="value"/>.</summary>
    public void And(string condition, object value)
    {
        _values.Add(value);
        var open = condition.LastIndexOf('$');
        _text.Append(" AND ").Append(condition, 0, open + 1)
            .Append((parameters + _values.Count).ToString(CultureInfo.InvariantCulture))
            .Append(condition, open + 1, condition.Length - open - 1);
    }
}
