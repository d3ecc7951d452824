using Mka1.Edge.Stores.Keys;

namespace Mka1.Edge.Stores.Tests.Keys;

public sealed class MemoryKeyStoreTests : KeyStoreBehaviour
{
    protected override IKeyStore Store { get; } = new MemoryKeyStore();
}
