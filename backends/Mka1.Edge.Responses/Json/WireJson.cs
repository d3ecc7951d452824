using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>How JSON looks when it leaves this system: compact, and text in its own script rather than escapes.</summary>
internal static class WireJson
{
    // The output is never placed inside HTML, so the relaxed encoder is safe; it keeps non-ASCII text at a third of the bytes.
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    // Every writer here writes shapes fixed in code; SkipValidation saves the state checks on the hot path.
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = Encoder, SkipValidation = true };
}
