using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Responses;
using Mka1.Edge.Stores.Runs;

namespace Mka1.Edge.Stores.Tests.Responses;

/// <summary>One implementation of the stores of responses and runs, and a look at what they write elsewhere.</summary>
public interface IStoresUnderTest
{
    IResponseStore Responses { get; }

    IRunStore Runs { get; }

    Task AddConversationAsync(Owner owner, string conversationId);

    Task<Effects> EffectsAsync(string responseId, string conversationId);
}
