namespace Mka1.Edge.Policies.Routing.Text;

/// <summary>What a UTF-16 code unit is to the tokenizer.</summary>
internal enum CharKind : byte
{
    Symbol,
    Space,
    Letter,
    Digit,

    /// <summary>A mark that changes no word, such as an Arabic vowel sign: left out.</summary>
    Mark,
}
