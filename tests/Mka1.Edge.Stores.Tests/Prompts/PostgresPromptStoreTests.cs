using Mka1.Edge.Stores.Prompts;
using Mka1.Edge.Stores.Tests.Support;

namespace Mka1.Edge.Stores.Tests.Prompts;

public sealed class PostgresPromptStoreTests(PostgresFixture postgres) : PromptStoreBehaviour, IClassFixture<PostgresFixture>
{
    protected override IPromptStore Store { get; } = new PostgresPromptStore(postgres.Database);
}
