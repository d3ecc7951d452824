namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>A way to get at an object: a request with places for ids, written <c>{id}</c>, <c>{part}</c> or <c>{own.part}</c>.</summary>
/// <param name="Kind">What <c>{id}</c> stands for.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Address">Below <c>/api/v1/llm</c>.</param>
/// <param name="Body">JSON; null for none.</param>
/// <param name="Effect">What it does to the object when it gets through.</param>
public sealed record AccessPath(ObjectKind Kind, string Method, string Address, string? Body = null, Effect Effect = Effect.Reads)
{
    /// <summary>Whether a new response refers to the object.</summary>
    public bool IsReference { get; init; }

    /// <summary>Whether <c>{id}</c> is the request's <c>Idempotency-Key</c>.</summary>
    public bool IsKey => Kind is ObjectKind.KeyOfThis or ObjectKind.KeyOfAnother;

    /// <summary>Whether an object has all the parts that the request names.</summary>
    public bool Fits(OwnedObject target) => target.Kind == Kind && Placeholders.In(Address + Body).All(name =>
        name is "id" || name.StartsWith(Placeholders.Own, StringComparison.Ordinal) || target.Parts.ContainsKey(name));

    public override string ToString() => $"{Method} {Address}{(Body is null ? "" : " " + Body)}";
}
