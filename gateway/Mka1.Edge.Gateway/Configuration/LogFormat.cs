namespace Mka1.Edge.Gateway.Configuration;

/// <summary>How log lines are written to standard output.</summary>
public enum LogFormat
{
    /// <summary>Lines for people.</summary>
    Text,

    /// <summary>One JSON object a line, with the ids of request and trace.</summary>
    Json,
}
