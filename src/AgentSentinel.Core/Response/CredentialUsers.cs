using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Response;

/// <summary>
/// Who used each credential first, across all partitions. What a second agent takes up within three days of the first was given to both;
/// later it is borrowed or stolen. Owned by the <c>ResponseEngine</c>. At most 100,000 credentials of about 200 bytes; beyond them new ones are not followed.
/// </summary>
internal sealed class CredentialUsers
{
    /// <summary>Name of the detector in the evidence: it has the journal for a window.</summary>
    public const string DetectorName = "shared-credential";

    private const int MostCredentials = 100_000;
    private const double ReturnPeriodDays = 100_000;

    private static readonly TimeSpan GivenWithin = TimeSpan.FromDays(3);

    private readonly PieceTable<CredentialUser> _users = new(StateKind.CredentialUser);

    /// <summary>Takes a first use.</summary>
    /// <returns>The anomaly when the credential is another agent's, else null.</returns>
    public Anomaly? Note(CredentialSighting sighting)
    {
        if (_users.Find(sighting.Credential) is not { } user)
        {
            if (_users.All.Count < MostCredentials)
            {
                _users.Add(sighting.Credential, new CredentialUser(sighting.AgentId, sighting.Time, false));
            }

            return null;
        }

        if (user.AgentId == sighting.AgentId || user.IsShared)
        {
            return null;
        }

        if ((sighting.Time - user.Since).Duration() < GivenWithin)
        {
            _users.Remove(sighting.Credential);
            _users.Add(sighting.Credential, user with { IsShared = true });
            return null;
        }

        return Describe(sighting, user);
    }

    public void Save(IStateWriter writer, MemoryWriter scratch) => _users.Save(writer, scratch);

    public void Load(IStateReader saved) => _users.Load(saved);

    private static Anomaly Describe(CredentialSighting sighting, CredentialUser user)
    {
        var minute = new DateTimeOffset(sighting.Time.UtcTicks - (sighting.Time.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        var evidence = new Evidence(
            DetectorName,
            "credentials_of_another_agent",
            "credentials that another agent used first",
            1,
            0,
            0,
            Math.Log10(ReturnPeriodDays),
            ReturnPeriodDays,
            Math.Log10(1 + ReturnPeriodDays),
            sighting.CredentialId,
            string.Create(CultureInfo.InvariantCulture, $"uses the credential {sighting.CredentialId}, which {user.AgentId} has used since {user.Since:u}"))
        {
            Counterfactual = "a credential of its own would not have been noticed",
            CausalChain = [new CausalLink(CausalLinkKind.Action, sighting.CallId, null, SourceTrust.Unknown, "first call with that credential")],
        };
        return new Anomaly(
            AnomalyId.Of(sighting.AgentId, DetectorName, minute, 1),
            sighting.AgentId,
            sighting.Time,
            minute,
            minute.AddMinutes(1),
            evidence,
            sighting.CallId,
            sighting.SessionId,
            sighting.CredentialId,
            null,
            sighting.KnownSince);
    }
}
