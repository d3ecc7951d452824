using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Prompting;

/// <summary>What a stateless text model cannot do, said before any work: nothing a caller asked for is dropped in silence.</summary>
internal static class Capabilities
{
    /// <summary>The first thing the request asks for that this server does not have, or null.</summary>
    public static ApiError? FirstUnmet(CreateResponseRequest request, string servedName)
    {
        if (request.Model != servedName)
            return new(ErrorCode.ModelNotFound, $"This server serves '{servedName}' only. Ask for that model.", "model");
        if (request.PreviousResponseId is not null)
            return Stateless("previous_response_id");
        if (request.Conversation is not null)
            return Stateless("conversation");
        if (request.Prompt is not null)
            return Stateless("prompt");
        if (request.Background)
            return new(ErrorCode.UnsupportedParameter, "This server answers while the caller waits; it has no background jobs. Leave 'background' out.", "background");
        for (var i = 0; i < request.Modalities.Count; i++)
        {
            if (request.Modalities[i] != Modality.Text)
                return new(ErrorCode.UnsupportedParameter, $"'{servedName}' writes text only. Leave '{Wire(request.Modalities[i])}' out.", $"modalities[{i}]");
        }

        for (var i = 0; i < request.Tools.Count; i++)
        {
            if (request.Tools[i] is not FunctionTool)
                return new(ErrorCode.UnsupportedTool, $"This server runs no '{request.Tools[i].Type}' tool; it offers functions only.", $"tools[{i}].type");
        }

        return null;
    }

    private static ApiError Stateless(string parameter) =>
        new(ErrorCode.UnsupportedParameter, $"This server keeps nothing between requests. Send the whole input instead of '{parameter}'.", parameter);

    private static string Wire(Modality modality) => modality == Modality.Audio ? "audio" : "text";
}
