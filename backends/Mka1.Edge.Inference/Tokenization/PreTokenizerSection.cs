using System.Text.Json;
using System.Text.RegularExpressions;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Tokenization;

/// <summary>The <c>pre_tokenizer</c> of <c>tokenizer.json</c>: Split, Digits, Metaspace and ByteLevel, or a sequence of them with ByteLevel last.</summary>
internal static class PreTokenizerSection
{
    private const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public static (SplitStep[] Steps, bool IsByteLevel) Read(JsonFile file)
    {
        var steps = new List<SplitStep>();
        var byteLevel = false;
        foreach (var step in JsonSections.Steps(file.Find("pre_tokenizer"), "pretokenizers"))
        {
            // Behind it, the reference library sees stand-ins of bytes instead of text.
            if (byteLevel)
                throw file.Error("pre_tokenizer", "has a step after ByteLevel, which must be the last.");
            switch (JsonSections.Text(step, "type"))
            {
                case "Split":
                    steps.Add(ReadSplit(file, step));
                    break;
                case "Digits":
                    steps.Add(new PatternSplit(Compile(file, @"\p{N}"), JsonSections.IsTrue(step, "individual_digits") ? SplitBehavior.Isolated : SplitBehavior.Contiguous, invert: false));
                    break;
                case "Metaspace":
                    steps.Add(ReadMetaspace(file, step));
                    break;
                case "ByteLevel":
                    byteLevel = true;
                    if (JsonSections.Flag(step, "add_prefix_space", true))
                        steps.Add(new PrefixSpace());
                    if (JsonSections.Flag(step, "use_regex", true))
                        steps.Add(new PatternSplit(Compile(file, Gpt2Pattern), SplitBehavior.Isolated, invert: false));
                    break;
                default:
                    throw file.Error("pre_tokenizer", $"holds a step of type '{JsonSections.Text(step, "type")}'; supported are Split, Digits, Metaspace and ByteLevel.");
            }
        }
        return ([.. steps], byteLevel);
    }

    private static SplitStep ReadSplit(JsonFile file, JsonElement step)
    {
        if (!Enum.TryParse(JsonSections.Text(step, "behavior"), out SplitBehavior behavior) || !Enum.IsDefined(behavior))
            throw file.Error("pre_tokenizer", $"splits with behavior '{JsonSections.Text(step, "behavior")}'; supported are {string.Join(", ", Enum.GetNames<SplitBehavior>())}.");
        var invert = JsonSections.IsTrue(step, "invert");
        var pattern = JsonFile.Find(step, "pattern") is { } p ? p : throw file.Error("pre_tokenizer", "has a Split without a pattern.");
        if (JsonSections.Text(pattern, "String") is { Length: > 0 } literal)
            return new PatternSplit(Compile(file, Regex.Escape(literal)), behavior, invert);
        if (JsonSections.Text(pattern, "Regex") is not { } expression)
            throw file.Error("pre_tokenizer", $"splits by {pattern.GetRawText()}; expected a String or a Regex.");
        return expression == PreTokenizer.Pattern && behavior == SplitBehavior.Isolated && !invert
            ? new QwenSplit()
            : new PatternSplit(Compile(file, expression), behavior, invert);
    }

    private static MetaspaceSplit ReadMetaspace(JsonFile file, JsonElement step)
    {
        var text = JsonSections.Text(step, "replacement") ?? "\u2581";
        if (text.Length != 1)
            throw file.Error("pre_tokenizer", $"has a Metaspace with replacement '{text}'; expected one character.");
        // Older files have add_prefix_space instead.
        var scheme = JsonSections.Text(step, "prepend_scheme") switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            null => JsonSections.Flag(step, "add_prefix_space", true) ? PrependScheme.Always : PrependScheme.Never,
            var other => throw file.Error("pre_tokenizer", $"has a Metaspace with prepend_scheme '{other}'; supported are always, first and never."),
        };
        return new MetaspaceSplit(text[0], scheme, JsonSections.Flag(step, "split", true));
    }

    private static Regex Compile(JsonFile file, string pattern)
    {
        try
        {
            return SplitPattern.Compile(pattern);
        }
        catch (ArgumentException e)
        {
            throw file.Error("pre_tokenizer", $"splits by the pattern '{pattern}', which is not supported: {e.Message}");
        }
    }
}
