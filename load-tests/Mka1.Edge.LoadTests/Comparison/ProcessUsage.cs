using System.Globalization;

namespace Mka1.Edge.LoadTests.Comparison;

/// <summary>What a process and the processes it has started have used, as Linux counts it.</summary>
/// <param name="Processor">User and system time so far.</param>
/// <param name="ResidentBytes">Resident memory now; pages that they share count for each.</param>
internal readonly record struct ProcessUsage(TimeSpan Processor, long ResidentBytes)
{
    private const double TicksPerSecond = 100; // sysconf(_SC_CLK_TCK) of every Linux .NET runs on
    private const long PageBytes = 4096;

    public static ProcessUsage Of(int process)
    {
        var (processor, resident) = (0.0, 0L);
        foreach (var id in Family(process))
        {
            // The name stands in parentheses and may hold blanks.
            var fields = File.ReadAllText($"/proc/{id}/stat").Split(") ", 2)[1].Split(' ');
            processor += (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
            resident += Number(fields[21]) * PageBytes;
        }

        return new ProcessUsage(TimeSpan.FromSeconds(processor), resident);
    }

    private static IEnumerable<int> Family(int process) =>
        [process, .. File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(child => Family((int)Number(child)))];

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
