using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Streams that are runs of their own and are kept.</summary>
public sealed class SurvivesStoredCutsTests(GatewayFixture gateway) : SurvivesCutsBehaviour(gateway, store: true);
