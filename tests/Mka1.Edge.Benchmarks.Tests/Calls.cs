using System.Linq.Expressions;
using System.Reflection;

namespace Mka1.Edge.Benchmarks.Tests;

/// <summary>Turns a benchmark's method into a call that boxes nothing.</summary>
internal static class Calls
{
    public static Action CreateDelegateOf(this MethodInfo method, object instance) =>
        Expression.Lambda<Action>(Expression.Block(typeof(void), Expression.Call(Expression.Constant(instance), method))).Compile();
}
