using Mka1.Edge.Gateway.Tests.Support;

namespace Mka1.Edge.Gateway.Tests;

/// <summary>Streams of which nothing is kept.</summary>
public sealed class RelaysPlainStreamsTests(GatewayFixture gateway) : RelaysStreamsBehaviour(gateway, store: false);
