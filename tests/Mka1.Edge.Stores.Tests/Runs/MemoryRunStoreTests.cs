using Mka1.Edge.Stores.Tests.Responses;

namespace Mka1.Edge.Stores.Tests.Runs;

public sealed class MemoryRunStoreTests() : RunStoreBehaviour(new MemoryStores());
