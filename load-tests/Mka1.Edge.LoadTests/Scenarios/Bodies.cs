namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary>Requests.</summary>
internal static class Bodies
{
    /// <param name="script">What the model server does.</param>
    /// <param name="stream">Whether the answer is a stream.</param>
    /// <param name="store">Whether it is stored.</param>
    /// <param name="rest">More fields, with a comma before each.</param>
    public static string Create(string script = "", bool stream = false, bool store = false, string rest = "") =>
        $$"""{"model":"m","input":"hi script({{script}})","max_output_tokens":256,"stream":{{(stream ? "true" : "false")}},"store":{{(store ? "true" : "false")}}{{rest}}}""";
}
