namespace Mka1.Edge.Inference.Tokenization;

/// <summary>What a token id stands for.</summary>
public enum TokenKind
{
    /// <summary>A piece of text: its bytes are part of the UTF-8 output.</summary>
    Text,

    /// <summary>A control token such as <c>&lt;tool_call&gt;</c>: it has no bytes and never becomes text.</summary>
    Special,

    /// <summary>A control token that ends the assistant's turn (the <c>eos_token_id</c> list of the model).</summary>
    EndOfTurn,

    /// <summary>A row of the output matrix that no token uses: never sampled.</summary>
    Unused,
}
