using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Mka1.Edge.Security.Tests.Leaks;

/// <summary>All that is logged: message, template, every value, exceptions with all that is inside them, and scopes.</summary>
internal sealed class LogTap : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyList<string> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private static void Append(StringBuilder line, object? state)
    {
        if (state is IEnumerable<KeyValuePair<string, object?>> values)
        {
            foreach (var (name, value) in values) line.Append(' ').Append(name).Append('=').Append(Text(value));
        }
        else line.Append(' ').Append(Text(state));
    }

    private static string Text(object? value) => value switch
    {
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        System.Collections.IEnumerable many and not string => string.Join(',', many.Cast<object?>().Select(Text)),
        _ => value?.ToString() ?? "",
    };

    private sealed class Logger(LogTap tap, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => tap._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = new StringBuilder($"{category} {eventId.Id}: {formatter(state, exception)} |");
            Append(line, state);
            if (exception is not null) line.Append(" | ").Append(exception);
            for (var inner = exception; inner is not null; inner = inner.InnerException)
            {
                foreach (System.Collections.DictionaryEntry entry in inner.Data) line.Append(' ').Append(entry.Key).Append('=').Append(Text(entry.Value));
            }

            tap._scopes.ForEachScope(
                static (scope, text) =>
                {
                    text.Append(" | scope");
                    Append(text, scope);
                },
                line);
            tap._lines.Enqueue(line.ToString());
        }
    }
}
