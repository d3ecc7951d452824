using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>Keeps what is logged, so that a test can wait for a line and read all of them.</summary>
public sealed class LogCapture : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = new();
    private volatile TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<LogLine> Lines => [.. _lines];

    /// <summary>Waits for a line; at once when it is there already.</summary>
    public async Task<LogLine> WaitForAsync(Func<LogLine, bool> wanted)
    {
        while (true)
        {
            var more = _more;
            if (_lines.FirstOrDefault(wanted) is { } line) return line;
            await more.Task.Soon();
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() { }

    private void Add(LogLine line)
    {
        _lines.Enqueue(line);
        Interlocked.Exchange(ref _more, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    public sealed record LogLine(string Category, LogLevel Level, int EventId, string Text, Exception? Exception, IReadOnlyDictionary<string, object?> Values);

    private sealed class Logger(LogCapture capture, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            capture.Add(new LogLine(
                category, logLevel, eventId.Id, formatter(state, exception), exception,
                (state as IEnumerable<KeyValuePair<string, object?>> ?? []).ToDictionary(p => p.Key, p => p.Value)));
    }
}
