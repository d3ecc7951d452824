using System.Reflection;
using System.Text.Json;
using BenchmarkDotNet.Attributes;

namespace Mka1.Edge.Benchmarks.Tests;

/// <summary>Promise: every benchmark's body allocates as many bytes as is written down beside it (load-tests/Mka1.Edge.Benchmarks/expected-allocations.json).</summary>
public sealed class AllocatesWhatIsExpectedTests
{
    private const int Warmup = 200;
    private const int Calls = 200;
    private const int Rounds = 50;

    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMilliseconds(50);

    private static readonly Dictionary<string, long> Expected =
        JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "expected-allocations.json")))!;

    public static TheoryData<string> Benchmarks => [.. Methods().Keys];

    [Theory]
    [MemberData(nameof(Benchmarks))]
    public void A_call_allocates_what_is_expected(string name)
    {
        var method = Methods()[name];
        foreach (var instance in Variations(method.DeclaringType!))
        {
            Setup(instance);
            var call = method.CreateDelegateOf(instance);
            for (var i = 0; i < Warmup; i++) call();

            // Code that has not been optimised yet boxes what optimised code does not, so the first rounds may say more.
            var bytes = Measure(call);
            for (var round = 0; round < Rounds && bytes != Expected[name]; round++)
            {
                Thread.Sleep(BetweenRounds);
                bytes = Measure(call);
            }

            Assert.Equal((name, Expected[name]), (name, bytes));
        }
    }

    [Fact]
    public void Expectations_and_benchmarks_are_the_same_set() =>
        Assert.Equal(Expected.Keys.Order(StringComparer.Ordinal), Methods().Keys.Order(StringComparer.Ordinal));

    private static long Measure(Action call)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++) call();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }

    private static Dictionary<string, MethodInfo> Methods() => typeof(ClassifierBenchmark).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods().Where(method => method.GetCustomAttribute<BenchmarkAttribute>() is not null))
        .ToDictionary(method => $"{method.DeclaringType!.Name}.{method.Name}");

    /// <summary>An instance for every combination of parameters.</summary>
    private static IEnumerable<object> Variations(Type type)
    {
        IEnumerable<List<(PropertyInfo Property, object? Value)>> all = [[]];
        foreach (var property in type.GetProperties().Where(p => p.GetCustomAttribute<ParamsAttribute>() is not null))
        {
            all = [.. from list in all from value in property.GetCustomAttribute<ParamsAttribute>()!.Values select list.Append((property, value)).ToList()];
        }

        foreach (var list in all)
        {
            var instance = Activator.CreateInstance(type)!;
            foreach (var (property, value) in list) property.SetValue(instance, value);
            yield return instance;
        }
    }

    private static void Setup(object instance) =>
        instance.GetType().GetMethods().SingleOrDefault(method => method.GetCustomAttribute<GlobalSetupAttribute>() is not null)?.Invoke(instance, null);
}
