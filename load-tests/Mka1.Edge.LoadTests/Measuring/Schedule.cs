using System.Runtime.InteropServices;

namespace Mka1.Edge.LoadTests.Measuring;

/// <summary>
/// Calls at set times, from a thread of its own that sleeps until each is due to within some microseconds: timers of the
/// runtime are a millisecond late, which is more than what is measured. Linux only.
/// </summary>
internal static partial class Schedule
{
    private const int Monotonic = 1;
    private const int Absolute = 1;
    private const int SetTimerSlack = 29;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Calls once for every due time, late rather than never; complete after the last call has returned.</summary>
    /// <param name="rate">Calls a second.</param>
    /// <param name="time">How long to go on.</param>
    /// <param name="call">Gets the call's number and the <see cref="TimeProvider"/> timestamp at which it was due.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static Task RunAsync(double rate, TimeSpan time, Action<long, long> call, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Run(rate, time, call, done, cancellation)) { IsBackground = true, Name = "schedule" }.Start();
        return done.Task;
    }

    private static void Run(double rate, TimeSpan time, Action<long, long> call, TaskCompletionSource done, CancellationToken cancellation)
    {
        try
        {
            _ = PrControl(SetTimerSlack, 1, 0, 0, 0);
            var began = TimeProvider.System.GetTimestamp();
            var count = (long)Math.Round(time.TotalSeconds * rate);
            for (var i = 0L; i < count && !cancellation.IsCancellationRequested; i++)
            {
                var due = began + (long)(i / rate * TimeProvider.System.TimestampFrequency);
                if (due > TimeProvider.System.GetTimestamp()) SleepUntil(due);
                call(i, due);
            }

            done.SetResult();
        }
        catch (Exception e)
        {
            done.SetException(e);
        }
    }

    /// <summary>Timestamps count nanoseconds of the monotonic clock on Linux.</summary>
    private static void SleepUntil(long timestamp)
    {
        var until = new TimeSpec { Seconds = (nint)(timestamp / NanosecondsPerSecond), Nanoseconds = (nint)(timestamp % NanosecondsPerSecond) };
        _ = ClockNanosleep(Monotonic, Absolute, in until, 0);
    }

    [DllImport("libc", EntryPoint = "clock_nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ClockNanosleep(int clock, int flags, in TimeSpec request, nint remaining);

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int PrControl(int option, nint value, nint third, nint fourth, nint fifth);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
