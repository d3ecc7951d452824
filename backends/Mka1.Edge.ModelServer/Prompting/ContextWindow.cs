using System.Text;
using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Prompting;

/// <summary>Makes a conversation fit the model: prompt and at least one token of output.</summary>
/// <remarks>
/// Where truncation is allowed it also leaves room to answer in: a quarter of the window, or <c>max_output_tokens</c> if
/// that is less. A conversation that grows past the window would otherwise get answers of a word or two.
/// </remarks>
internal sealed class ContextWindow
{
    private readonly LanguageModel _model;
    private readonly int _longestToken;

    public ContextWindow(LanguageModel model)
    {
        _model = model;
        var longest = 1;
        for (var id = 0; id < model.Tokenizer.VocabularySize; id++)
            longest = Math.Max(longest, model.Tokenizer[id].Bytes.Length);
        _longestToken = longest;
    }

    /// <summary>How many tokens prompt and output may hold together.</summary>
    public int Size => _model.Config.ContextWindow;

    public FitResult Fit(ChatPrompt prompt, Truncation truncation, long? maxOutputTokens)
    {
        try
        {
            return TryFit(prompt, truncation, maxOutputTokens);
        }
        catch (ChatTemplateException e)
        {
            return new FitResult.Refused(e.Message);
        }
    }

    private FitResult TryFit(ChatPrompt prompt, Truncation truncation, long? maxOutputTokens)
    {
        if (Tokens(prompt, Room(truncation, maxOutputTokens)) is { } whole)
            return new FitResult.Fits(whole);
        if (truncation == Truncation.Disabled)
            return TooLong(prompt);
        var groups = new TurnGroups(prompt);
        return Truncate(groups, Room(truncation, maxOutputTokens))
            ?? Truncate(groups, room: 1)
            ?? (FitResult)TooLong(groups.Without(groups.Droppable));
    }

    private int Room(Truncation truncation, long? maxOutputTokens) => truncation == Truncation.Disabled
        ? 1
        : (int)Math.Min(maxOutputTokens ?? long.MaxValue, Math.Max(1, Size / 4));

    /// <summary>Drops as few groups as it can; null when dropping all is not enough.</summary>
    private FitResult.Fits? Truncate(TurnGroups groups, int room)
    {
        var (least, most) = (0, groups.Droppable);
        if (Tokens(groups.Without(most), room) is not { } best)
            return null;
        while (least < most)
        {
            var middle = (least + most) / 2;
            if (Tokens(groups.Without(middle), room) is { } tokens)
                (most, best) = (middle, tokens);
            else
                least = middle + 1;
        }

        return new(best);
    }

    /// <summary>The conversation's tokens if <paramref name="room"/> is left beside them, else null.</summary>
    private int[]? Tokens(ChatPrompt prompt, int room)
    {
        // Megabytes that cannot fit are told by their length: encoding is for what might.
        if (AtLeast(prompt) + room > Size)
            return null;
        var tokens = _model.ChatTemplate.Render(prompt);
        return tokens.Length + room <= Size ? tokens : null;
    }

    private FitResult.TooLong TooLong(ChatPrompt prompt)
    {
        var bound = AtLeast(prompt);
        return new(bound > Size ? bound : _model.ChatTemplate.Render(prompt).Length);
    }

    /// <summary>A lower bound of the conversation's tokens: none of them spells more bytes than the longest.</summary>
    private long AtLeast(ChatPrompt prompt)
    {
        long bytes = Encoding.UTF8.GetByteCount(prompt.Instructions ?? "");
        foreach (var tool in prompt.Tools)
            bytes += Encoding.UTF8.GetByteCount(tool.Description ?? "");
        foreach (var turn in prompt.Turns)
            bytes += Encoding.UTF8.GetByteCount(TextOf(turn));
        return bytes / _longestToken;
    }

    private static string TextOf(ChatTurn turn) => turn switch
    {
        ChatTurn.Message message => message.Text,
        ChatTurn.ToolResult result => result.Text,
        // Shown without white space, so its length says nothing certain.
        _ => "",
    };
}
