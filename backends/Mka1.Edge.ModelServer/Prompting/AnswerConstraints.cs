using System.Text.Json;
using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Responses;

namespace Mka1.Edge.ModelServer.Prompting;

/// <summary>Makes <c>tools</c>, <c>tool_choice</c>, <c>parallel_tool_calls</c> and <c>text.format</c> into what decoding is held to.</summary>
internal static class AnswerConstraints
{
    /// <summary>A new constraint: it holds the state of one answer.</summary>
    public static ConstraintResult For(CreateResponseRequest request, ChatTokens tokens, GrammarCache grammars)
    {
        if (TextGrammar(request.Text.Format, grammars, out var text) is { } badFormat)
            return new ConstraintResult.Refused(badFormat);
        if (request.ToolChoice is ToolChoice.Mode { Value: ToolChoiceMode.Required } && request.Tools.Count == 0)
            return new ConstraintResult.Refused(new(ErrorCode.InvalidValue, "'required' needs at least one function in 'tools'.", "tool_choice"));
        if (CallableTools(request, grammars, out var tools) is { } badTool)
            return new ConstraintResult.Refused(badTool);

        if (tools.Count == 0)
            return new ConstraintResult.Built(text is null ? null : new JsonConstraint(tokens, text));
        return new ConstraintResult.Built(new ToolCallingConstraint(tokens, new()
        {
            Tools = tools,
            Required = MustCall(request.ToolChoice),
            Parallel = request.ParallelToolCalls,
            Text = text,
        }));
    }

    private static ApiError? TextGrammar(TextFormat format, GrammarCache grammars, out JsonGrammar? grammar)
    {
        grammar = format is TextFormat.JsonObject ? JsonGrammar.AnyObject : null;
        return format is TextFormat.JsonSchema schema ? Compile(schema.Schema, "text.format.schema", grammars, out grammar) : null;
    }

    private static ApiError? CallableTools(CreateResponseRequest request, GrammarCache grammars, out List<CallableTool> callable)
    {
        callable = [];
        for (var i = 0; i < request.Tools.Count; i++)
        {
            if (request.Tools[i] is not FunctionTool tool || !MayCall(request.ToolChoice, tool.Name))
                continue;
            if (Arguments(tool, i, grammars, out var arguments) is { } error)
                return error;
            callable.Add(new(tool.Name, arguments));
        }

        return null;
    }

    private static ApiError? Arguments(FunctionTool tool, int index, GrammarCache grammars, out JsonGrammar arguments)
    {
        arguments = JsonGrammar.AnyObject;
        // Arguments are an object whatever the schema says: one that does not say so leaves them open.
        if (tool.Parameters is not { ValueKind: JsonValueKind.Object } schema
            || !schema.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || !type.ValueEquals("object"))
        {
            return null;
        }

        var error = Compile(schema, $"tools[{index}].parameters", grammars, out var grammar);
        if (error is not null && tool.Strict == true)
            return error;
        // Without 'strict' the schema is a hint to the model: what cannot be enforced is not refused.
        arguments = grammar ?? JsonGrammar.AnyObject;
        return null;
    }

    private static ApiError? Compile(JsonElement schema, string path, GrammarCache grammars, out JsonGrammar? grammar)
    {
        try
        {
            grammar = grammars.FromSchema(schema);
            return null;
        }
        catch (UnsupportedSchemaException e)
        {
            grammar = null;
            return new(ErrorCode.UnsupportedParameter, $"This schema cannot be enforced: {e.Message}", path + SchemaPaths.FromPointer(e.KeywordPath));
        }
    }

    private static bool MayCall(ToolChoice choice, string name) => choice switch
    {
        ToolChoice.Mode mode => mode.Value != ToolChoiceMode.None,
        ToolChoice.Function function => function.Name == name,
        ToolChoice.AllowedTools allowed => allowed.Tools.Any(tool => tool.Type == ToolTypes.Function && tool.Name == name),
        // The parser lets a choice through only if it names a declared tool, and all declared tools are functions here.
        _ => false,
    };

    private static bool MustCall(ToolChoice choice) => choice is
        ToolChoice.Function or ToolChoice.Mode { Value: ToolChoiceMode.Required } or ToolChoice.AllowedTools { Value: ToolChoiceMode.Required };
}
