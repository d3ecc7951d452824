namespace Mka1.Edge.Responses;

/// <summary>A kind this version does not know. It passes through untouched; whether anything can serve it is decided by routing.</summary>
public sealed class UnknownItem : ResponseItem
{
    private readonly string type;

    public UnknownItem(string type) => this.type = type;

    public override string Type => type;
}
