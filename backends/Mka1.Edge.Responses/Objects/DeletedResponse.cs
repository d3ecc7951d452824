namespace Mka1.Edge.Responses;

/// <summary>The answer of <c>DELETE /responses/{id}</c>.</summary>
public sealed record DeletedResponse(string Id)
{
    public string Object { get; } = "response";

    public bool Deleted { get; } = true;
}
