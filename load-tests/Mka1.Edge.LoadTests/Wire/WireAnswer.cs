namespace Mka1.Edge.LoadTests.Wire;

/// <summary>What came back for a request.</summary>
/// <param name="Status">HTTP status; 0 when the connection broke.</param>
/// <param name="Events">Events of a stream, by their <c>event:</c> lines, or where it has none by its <c>data:</c> lines.</param>
/// <param name="BodyBytes">Bytes of the body, without its framing.</param>
internal readonly record struct WireAnswer(int Status, int Events, long BodyBytes)
{
    public bool Served => Status is >= 200 and < 300;
}
