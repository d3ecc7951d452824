using Mka1.Edge.Stores.Tests.Responses;

namespace Mka1.Edge.Stores.Tests.Runs;

public sealed class MemoryRunQueueTests() : RunQueueBehaviour(new MemoryStores());
