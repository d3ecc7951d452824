namespace Mka1.Edge.Responses;

/// <summary>One output item as the stream builds it.</summary>
internal sealed class ItemTrack(ResponseItem added)
{
    public string? Id => added.Id;

    public string Type => added.Type;

    public bool Done { get; private set; }

    public List<PartTrack> Content { get; } = [];

    public List<PartTrack> Summary { get; } = [];

    /// <summary>Arguments, input or code: the one text of a call.</summary>
    public PartTrack Call { get; } = new(string.Empty);

    /// <summary>Closes the item; says what is wrong, or null.</summary>
    public string? Finish(ResponseItem done)
    {
        if (done.Type != added.Type)
            return $"was added as '{added.Type}' and is done as '{done.Type}'";
        if (done.Id != added.Id)
            return "changes its id between added and done";
        if (CallIdOf(done) != CallIdOf(added))
            return "changes its call_id between added and done";
        if (Content.Concat(Summary).Any(part => !part.Done))
            return "is done while a part of it is open";
        Done = true;
        return done switch
        {
            FunctionCallItem call when Call.TextDone && !Call.Holds(call.Arguments.Value) => "has other arguments than were streamed",
            CustomToolCallItem call when Call.TextDone && !Call.Holds(call.Input.Value) => "has another input than was streamed",
            MessageItem message => Check(message),
            _ => null,
        };
    }

    private string? Check(MessageItem message)
    {
        if (message.Content.Count != Content.Count)
            return "has other parts than were streamed";
        for (var i = 0; i < Content.Count; i++)
        {
            var whole = message.Content[i] switch
            {
                OutputTextPart text => text.Text.Value,
                RefusalPart refusal => refusal.Refusal.Value,
                _ => null,
            };
            if (message.Content[i].Type != Content[i].Type || (whole is not null && !Content[i].Holds(whole)))
                return $"has another part {i} than was streamed";
        }

        return null;
    }

    private static string? CallIdOf(ResponseItem item) => item switch
    {
        FunctionCallItem call => call.CallId,
        CustomToolCallItem call => call.CallId,
        ShellCallItem call => call.CallId,
        LocalShellCallItem call => call.CallId,
        ComputerCallItem call => call.CallId,
        _ => null,
    };
}
