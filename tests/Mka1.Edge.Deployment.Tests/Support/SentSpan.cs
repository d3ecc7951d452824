using System.Globalization;

namespace Mka1.Edge.Deployment.Tests.Support;

/// <summary>A span as a collector got it (opentelemetry-proto, trace.proto).</summary>
internal sealed record SentSpan(string Service, string TraceId, string SpanId, string ParentId, string Name, int Kind, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> Events)
{
    public const int Server = 2;
    public const int Client = 3;

    /// <summary>The spans of an ExportTraceServiceRequest.</summary>
    public static IEnumerable<SentSpan> Read(ReadOnlyMemory<byte> request) =>
        from resource in ProtoField.Read(request).Where(field => field.Number == 1)
        let service = ReadAttributes(resource.Fields.Single(field => field.Number == 1).Fields, 1)["service.name"]
        from scope in resource.Fields.Where(field => field.Number == 2)
        from span in scope.Fields.Where(field => field.Number == 2)
        let fields = span.Fields
        select new SentSpan(
            service,
            Hex(fields, 1),
            Hex(fields, 2),
            Hex(fields, 4),
            fields.Single(field => field.Number == 5).Text,
            (int)fields.Single(field => field.Number == 6).Value,
            ReadAttributes(fields, 9),
            [.. fields.Where(field => field.Number == 11).Select(e => e.Fields.Single(field => field.Number == 2).Text)]);

    private static string Hex(IReadOnlyList<ProtoField> fields, int number) => fields.Where(field => field.Number == number).Select(field => field.Hex).SingleOrDefault("");

    private static Dictionary<string, string> ReadAttributes(IReadOnlyList<ProtoField> fields, int number) =>
        fields.Where(field => field.Number == number).Select(field => field.Fields).ToDictionary(pair => pair[0].Text, pair => pair[1].Fields is [var value, ..] ? Of(value) : "");

    /// <summary>An AnyValue: text, truth, whole number, or a list of them.</summary>
    private static string Of(ProtoField value) => value.Number switch
    {
        1 => value.Text,
        2 => value.Value != 0 ? "true" : "false",
        3 => ((long)value.Value).ToString(CultureInfo.InvariantCulture),
        5 => string.Join(',', value.Fields.Select(item => Of(item.Fields[0]))),
        _ => $"kind {value.Number}",
    };
}
