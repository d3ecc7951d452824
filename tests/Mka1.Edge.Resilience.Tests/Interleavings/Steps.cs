using FsCheck;
using FsCheck.Fluent;

namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>Random lists of steps, and what is left of one when it is made shorter.</summary>
internal static class Steps
{
    private const int Replicas = 2;

    private static readonly Gen<int> At = Gen.Choose(0, Replicas - 1);
    private static readonly Gen<int> Run = Gen.Choose(0, 7);

    /// <summary>All or some: a third stays to the end, others leave after any number of events, often the very first.</summary>
    private static readonly Gen<int> Leave = Gen.Frequency((2, Gen.Constant(-1)), (1, Gen.Constant(1)), (3, Gen.Choose(1, 20)));

    private static readonly Gen<Step> Create =
        from kind in Gen.Elements(Enum.GetValues<RunKind>())
        from deltas in Gen.Choose(0, 14)
        from delay in Gen.Elements(0, 1, 5, 15)
        from leave in Leave
        from at in At
        select (Step)new Step.Create(kind, deltas, delay, leave, at);

    private static readonly Gen<Step> Read =
        from run in Run
        from after in Gen.Choose(-1, 12)
        from leave in Leave
        from at in At
        select (Step)new Step.Read(run, after, leave, at);

    private static readonly Gen<Step> Wait = Gen.Choose(1, 60).Select(milliseconds => (Step)new Step.Wait(milliseconds));

    /// <summary>Lists of up to so many steps; kills among them if they may be.</summary>
    public static Arbitrary<Step[]> Of(int longest, bool kills)
    {
        var step = Gen.Frequency(
            (8, Create),
            (8, Read),
            (4, from run in Run from at in At select (Step)new Step.Get(run, at)),
            (3, from run in Run from at in At select (Step)new Step.Cancel(run, at)),
            (2, from run in Run from at in At select (Step)new Step.Delete(run, at)),
            (1, At.Select(at => (Step)new Step.List(at))),
            (4, Wait),
            (kills ? 2 : 0, At.Select(at => (Step)new Step.Kill(at))));
        var steps = from length in Gen.Choose(longest / 3, longest) from list in step.ArrayOf(length) select list;
        return Arb.From(steps, Shorter);
    }

    /// <summary>Halves first, then each step left out by itself.</summary>
    private static IEnumerable<Step[]> Shorter(Step[] steps)
    {
        if (steps.Length > 3)
        {
            yield return steps[..(steps.Length / 2)];
            yield return steps[(steps.Length / 2)..];
        }

        for (var i = 0; i < steps.Length && steps.Length > 1; i++) yield return [.. steps[..i], .. steps[(i + 1)..]];
    }
}
