namespace Mka1.Edge.Responses;

/// <summary>The answer to a deletion.</summary>
/// <param name="Id">What was deleted.</param>
/// <param name="Object">Its kind and <c>.deleted</c>.</param>
public sealed record DeletedObject(string Id, string Object)
{
    public const string Conversation = "conversation.deleted";
    public const string Prompt = "prompt.deleted";

    public bool Deleted { get; } = true;
}
