using System.Text.Json;
using AgentSentinel.Simulator;

namespace AgentSentinel.Cli.Evaluation.Fleet;

/// <summary>What is known of an event besides what detectors see.</summary>
/// <param name="AgentKind">Kind of agent; empty when not told.</param>
/// <param name="PeerGroup">The agent's peers; empty when not told.</param>
/// <param name="Incident">Kind of the incident the event belongs to, or null.</param>
/// <param name="IncidentId">Which incident, or null.</param>
/// <param name="Partner">Another agent that takes part in the incident, or null.</param>
/// <param name="Disturbance">Kind of the benign disturbance the event belongs to, or null.</param>
/// <param name="IsAttackCall">Whether it does what makes its incident one.</param>
internal readonly record struct EventTruth(
    string AgentKind, string PeerGroup, string? Incident, string? IncidentId, string? Partner, string? Disturbance, bool IsAttackCall)
{
    public static EventTruth Of(in SimulatedCall call) => new(
        KindNames.LabelOf(call.Agent.Habit),
        call.Agent.PeerGroup,
        call.Incident?.KindName,
        call.Incident?.Id,
        call.Incident?.PartnerId,
        call.Disturbance?.KindName,
        call.IsAttackCall);

    /// <summary>Reads the labels of an event.</summary>
    /// <param name="json">One event.</param>
    /// <param name="truth">What they say.</param>
    /// <returns>False when it has none, or is not JSON.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out EventTruth truth)
    {
        truth = default;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isLabels = reader.ValueTextEquals("labels"u8);
                reader.Read();
                if (isLabels && reader.TokenType == JsonTokenType.StartObject)
                {
                    truth = ReadLabels(ref reader);
                    return true;
                }

                reader.Skip();
            }

            return false;
        }
        catch (JsonException)
        {
            // The engine refuses the line too, and says why.
            return false;
        }
    }

    private static EventTruth ReadLabels(ref Utf8JsonReader reader)
    {
        var truth = new EventTruth("", "", null, null, null, null, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            var text = reader.TokenType == JsonTokenType.String ? string.Intern(reader.GetString()!) : null;
            truth = name switch
            {
                "agent_kind" => truth with { AgentKind = text ?? "" },
                "peer_group" => truth with { PeerGroup = text ?? "" },
                "incident" => truth with { Incident = text },
                "incident_id" => truth with { IncidentId = text },
                "partner" => truth with { Partner = text },
                "disturbance" => truth with { Disturbance = text },
                "attack_call" => truth with { IsAttackCall = reader.TokenType == JsonTokenType.True },
                _ => truth,
            };
            reader.Skip();
        }

        return truth;
    }
}
