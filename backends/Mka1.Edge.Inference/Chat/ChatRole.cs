namespace Mka1.Edge.Inference.Chat;

/// <summary>Who speaks in a <see cref="ChatTurn.Message"/>.</summary>
public enum ChatRole
{
    /// <summary>The caller.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>The operator; Responses' <c>developer</c> role is this one.</summary>
    System,
}
