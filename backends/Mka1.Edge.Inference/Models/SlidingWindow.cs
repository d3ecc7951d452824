using System.Text.Json;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Models;

/// <summary>Refuses models that would look back less far than the context window reaches.</summary>
internal static class SlidingWindow
{
    public static void Check(JsonFile file, ModelFamily family, ModelConfig config)
    {
        if (!IsUsed(file, family) || file.Find("sliding_window") is not { } value)
            return;
        var window = file.Positive("sliding_window", value);
        if (window < config.ContextWindow)
        {
            throw file.Error("sliding_window",
                $"is {window}, below the context window of {config.ContextWindow}; sliding-window attention is not supported. Limit the context window to {window} to serve this model.");
        }
    }

    private static bool IsUsed(JsonFile file, ModelFamily family)
    {
        // Newer files say it layer by layer.
        if (file.Find("layer_types") is { } types)
            return AnySliding(file, types);
        return family is ModelFamily.Mistral or ModelFamily.Mixtral or ModelFamily.Llama || file.Flag("use_sliding_window", false);
    }

    private static bool AnySliding(JsonFile file, JsonElement types)
    {
        var sliding = false;
        foreach (var type in types.ValueKind == JsonValueKind.Array ? types.EnumerateArray().ToArray() : [types])
        {
            sliding |= type.ValueKind == JsonValueKind.String && type.GetString() switch
            {
                "full_attention" => false,
                "sliding_attention" => true,
                _ => throw Unknown(),
            };
            if (type.ValueKind != JsonValueKind.String)
                throw Unknown();

            ModelFormatException Unknown() => file.Error("layer_types", $"holds {type.GetRawText()}; supported are full_attention and sliding_attention.");
        }
        return sliding;
    }
}
