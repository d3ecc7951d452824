using System.Text.Json;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Stores.Safety;

namespace Mka1.Edge.Gateway.Safety;

/// <summary>What is kept of a subject, as the API and the command line show it.</summary>
internal static class SafetyJson
{
    /// <summary>Writes the object <c>safety.subject</c>, as it stands at <paramref name="now"/>.</summary>
    public static void Write(Utf8JsonWriter json, SafetyRecord record, SafetyLadder ladder, DateTimeOffset now)
    {
        var standing = SafetyPolicy.Advance(record.Standing, ladder, now);
        var counters = record.Counters;
        json.WriteStartObject();
        json.WriteString("id"u8, record.Subject.Id);
        json.WriteString("object"u8, "safety.subject"u8);
        json.WriteString("rung"u8, standing.EffectiveAt(now).Name());
        json.WriteNumber("score"u8, Math.Round(standing.Score.Value, 3));
        json.WriteString("score_rung"u8, standing.Rung.Name());
        json.WriteNumber("since"u8, standing.Since.ToUnixTimeSeconds());
        json.WriteNumber("first_seen"u8, record.FirstSeen.ToUnixTimeSeconds());
        json.WriteNumber("last_seen"u8, record.LastSeen.ToUnixTimeSeconds());
        json.WriteNumber("requests"u8, counters.Requests);
        json.WriteStartObject("signals"u8);
        json.WriteNumber("rule_hits"u8, counters.RuleHits);
        json.WriteNumber("model_refusals"u8, counters.ModelRefusals);
        json.WriteNumber("quota_refusals"u8, counters.QuotaRefusals);
        json.WriteNumber("client_errors"u8, counters.ClientErrors);
        json.WriteNumber("marks"u8, counters.Marks);
        json.WriteEndObject();
        if (standing.Override is { } word)
        {
            json.WriteStartObject("override"u8);
            json.WriteString("rung"u8, word.Rung.Name());
            if (word.Until is { } end) json.WriteNumber("until"u8, end.ToUnixTimeSeconds());
            else json.WriteNull("until"u8);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("override"u8);
        }

        json.WriteEndObject();
    }
}
