using System.Text.Json;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Models;

/// <summary>The keys of <c>config.json</c> that speak of the rotary embedding: <c>rope_theta</c> and <c>rope_scaling</c>, or newer <c>rope_parameters</c>, which holds both.</summary>
internal static class RopeScalingSection
{
    private static readonly Dictionary<string, string[]> Keys = new(StringComparer.Ordinal)
    {
        ["default"] = [],
        ["linear"] = ["factor"],
        ["dynamic"] = ["factor", "original_max_position_embeddings"],
        ["yarn"] = ["factor", "original_max_position_embeddings", "attention_factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim", "truncate"],
        ["llama3"] = ["factor", "original_max_position_embeddings", "low_freq_factor", "high_freq_factor"],
    };

    public static double ReadTheta(JsonFile file, ModelFamily family)
    {
        var value = file.Find("rope_theta") ?? (file.Find("rope_parameters") is { } parameters ? JsonFile.Find(parameters, "rope_theta") : null);
        return value is { } theta ? file.PositiveReal("rope_theta", theta) : family == ModelFamily.Mixtral ? 1e6 : 10000;
    }

    /// <param name="file">config.json</param>
    /// <param name="window"><c>max_position_embeddings</c></param>
    public static RopeScaling? Read(JsonFile file, int window)
    {
        var section = file.Find("rope_parameters") is null ? "rope_scaling" : "rope_parameters";
        if (file.Find(section) is not { } values)
            return null;
        if (section == "rope_parameters" && file.Find("rope_scaling") is { } both && !JsonElement.DeepEquals(both, values))
            throw file.Error("rope_scaling", "and 'rope_parameters' are both given and differ. Keep one.");
        if (values.ValueKind != JsonValueKind.Object)
            throw file.Error(section, $"is {values.GetRawText()}; expected an object.");

        var type = JsonFile.Find(values, "rope_type") ?? JsonFile.Find(values, "type");
        var name = type switch { null => "default", { ValueKind: JsonValueKind.String } text => text.GetString()!, { } other => other.GetRawText() };
        if (!Keys.TryGetValue(name, out var known))
            throw file.Error($"{section}.rope_type", $"is '{name}'; supported are {string.Join(", ", Keys.Keys)}.");
        foreach (var property in values.EnumerateObject())
            CheckKnown(file, section, name, known, property);

        return new Section(file, section, values, window).Build(name);
    }

    /// <summary>Positions the model is good for: a stretched context counts where the file's own bound is the old one.</summary>
    public static int Window(RopeScaling? scaling, int trained, int max) => scaling is RopeScaling.Yarn yarn
        ? (int)Math.Min(max, Math.Max(trained, Math.Floor(yarn.OriginalContext * yarn.Factor)))
        : trained;

    private static void CheckKnown(JsonFile file, string section, string name, string[] known, JsonProperty property)
    {
        if (property.Name is "rope_type" or "type" or "rope_theta" || property.Value.ValueKind == JsonValueKind.Null || known.Contains(property.Name))
            return;
        if (property.Name == "partial_rotary_factor" && file.PositiveReal(property.Name, property.Value) == 1)
            return;
        throw file.Error($"{section}.{property.Name}", $"is not supported with rope_type '{name}'.");
    }

    /// <summary>The values of one section, each read with an error that names its key.</summary>
    private sealed class Section(JsonFile file, string name, JsonElement values, int window)
    {
        public RopeScaling? Build(string type) => type switch
        {
            "linear" => new RopeScaling.Linear(Factor()),
            "dynamic" => new RopeScaling.Dynamic(Factor()),
            "yarn" => Yarn(),
            "llama3" => Llama3(),
            _ => null,
        };

        private RopeScaling.Yarn Yarn()
        {
            var original = OriginalContext() ?? window;
            var factor = Find("factor") is null ? Math.Max(1, (double)window / original) : Factor();
            var yarn = new RopeScaling.Yarn(factor, original, Real("beta_fast") ?? 32, Real("beta_slow") ?? 1, Real("attention_factor") ?? AttentionFactor(factor), Truncates());
            return yarn.BetaFast >= yarn.BetaSlow ? yarn : throw Error("beta_fast", $"is {yarn.BetaFast}, below beta_slow, {yarn.BetaSlow}.");
        }

        private RopeScaling.Llama3 Llama3()
        {
            var llama = new RopeScaling.Llama3(Factor(), Require("low_freq_factor"), Require("high_freq_factor"), OriginalContext() ?? throw Error("original_max_position_embeddings", "is missing."));
            return llama.HighFrequencyFactor > llama.LowFrequencyFactor ? llama : throw Error("high_freq_factor", "must be above low_freq_factor.");
        }

        // DeepSeek's form of the default: 0.1 · mscale · ln(factor) + 1, a ratio of two of them.
        private double AttentionFactor(double factor) =>
            Real("mscale") is { } scale && Real("mscale_all_dim") is { } all ? Of(scale, factor) / Of(all, factor) : Of(1, factor);

        private static double Of(double scale, double factor) => factor <= 1 ? 1 : (0.1 * scale * Math.Log(factor)) + 1;

        private double Factor() => Require("factor") is var factor and >= 1 ? factor : throw Error("factor", "must be 1 or more.");

        private int? OriginalContext() => Find("original_max_position_embeddings") is { } value ? file.Positive($"{name}.original_max_position_embeddings", value, 1 << 20) : null;

        private bool Truncates() => Find("truncate") switch
        {
            null or { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            { } other => throw Error("truncate", $"is {other.GetRawText()}; expected true or false."),
        };

        private double Require(string key) => Real(key) ?? throw Error(key, "is missing.");

        private double? Real(string key) => Find(key) is { } value ? file.PositiveReal($"{name}.{key}", value) : null;

        private JsonElement? Find(string key) => JsonFile.Find(values, key);

        private ModelFormatException Error(string key, string problem) => file.Error($"{name}.{key}", problem);
    }
}
