using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Stores.Prompts;

/// <summary>A prompt template, without its versions.</summary>
/// <param name="Id"><c>prompt_</c> and 32 hexadecimal digits.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Name">At most 255 characters.</param>
/// <param name="CreatedAt">Unix seconds.</param>
/// <param name="UpdatedAt">Unix seconds.</param>
/// <param name="CurrentVersion">Number of the version in use, from 1.</param>
public sealed record StoredPrompt(string Id, Owner Owner, string Name, long CreatedAt, long UpdatedAt, int CurrentVersion);
