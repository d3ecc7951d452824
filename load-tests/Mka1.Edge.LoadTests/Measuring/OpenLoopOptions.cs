namespace Mka1.Edge.LoadTests.Measuring;

/// <summary>How an open loop goes on.</summary>
/// <param name="Rate">Arrivals a second.</param>
/// <param name="Time">How long requests arrive.</param>
/// <param name="LeadIn">For how long before that they arrive without being counted.</param>
/// <param name="Patience">How long to wait for the last answers.</param>
internal sealed record OpenLoopOptions(double Rate, TimeSpan Time, TimeSpan LeadIn, TimeSpan Patience);
