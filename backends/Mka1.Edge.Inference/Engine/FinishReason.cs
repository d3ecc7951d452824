namespace Mka1.Edge.Inference.Engine;

/// <summary>Why a generation ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended its turn.</summary>
    Stop,

    /// <summary>The output limit or the context window is used up.</summary>
    Length,
}
