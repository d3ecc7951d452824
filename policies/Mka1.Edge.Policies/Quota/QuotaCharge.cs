namespace Mka1.Edge.Policies.Quota;

/// <summary>
/// What a request would take of one counter: <c>Fixed + PerUnit × units</c>, where the units (output tokens) are decided
/// together with all other charges of the request.
/// </summary>
/// <param name="Counter">The counter.</param>
/// <param name="Fixed">What it takes in any case; 0 with no <paramref name="PerUnit"/> only looks.</param>
/// <param name="PerUnit">What each unit takes.</param>
/// <param name="Room">What must be left beyond that although it is not taken.</param>
public readonly record struct QuotaCharge(QuotaCounter Counter, long Fixed, long PerUnit = 0, long Room = 0);
