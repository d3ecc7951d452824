namespace Mka1.Edge.Stores.Prompts;

/// <summary>One version of a prompt template; never changed once written.</summary>
/// <param name="Id"><c>pver_</c> and 32 hexadecimal digits.</param>
/// <param name="Version">Its number, from 1.</param>
/// <param name="Template">Text with <c>{{name}}</c> placeholders.</param>
/// <param name="CreatedAt">Unix seconds.</param>
public sealed record PromptVersion(string Id, int Version, string Template, long CreatedAt);
