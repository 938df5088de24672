using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.Response.Policy;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests;

/// <summary>
/// An attacker who can write telemetry as his own agents only (what the producer binding leaves him) tries to get another agent suspended,
/// or to use up what protects others. Everything through both engines, in automatic mode; the policy names every kind of target.
/// </summary>
public sealed class FramingTests
{
    private const string Victim = "billing-agent";
    private const string Attacker = "mallory-bot";
    private const int Ways = 1000;

    private static readonly DateTimeOffset Start = Some.Monday.AddDays(10);

    private static readonly AgentRegistry Registry = new(
    [
        new RegisteredAgent(Victim) { Owner = "bob", PeerGroup = "billing", Credentials = ["victim-key"], Scope = new AgentScope { Tools = ["bank.*"] } },
        new RegisteredAgent("billing-agent-2") { Owner = "bob", PeerGroup = "billing", Credentials = ["victim-key-2"] },
        new RegisteredAgent(Attacker) { Owner = "mallory", PeerGroup = "bots", Credentials = ["mallory-key"], Scope = new AgentScope { Tools = ["notes.*"] } },
        new RegisteredAgent("mallory-*") { Owner = "mallory", Scope = new AgentScope { Tools = ["notes.*"] } },
    ]);

    private static readonly ResponsePolicy[] Policies = [.. ((ResponseStep[])[ResponseStep.SuspendSession, ResponseStep.SuspendCredential, ResponseStep.SuspendAgent])
        .Select(step => new ResponsePolicy($"all {step}", [new PolicyRule("any", new PolicyConditions(), step)]))];

    // The first of them is a letter of another alphabet each time.
    private static readonly string[] LookAlikes =
        ["bill\u0456ng-agent", "billing\u2010agent", "BILLING-AGENT", "Billing-agent", "billing-agent\u200B", "b\u0456lling-agent", "billing-\u0430gent", "\uFF42illing-agent", "billing-agent.", "billing_agent", "bi11ing-agent", " billing-agent"];

    [Fact]
    public void In_a_thousand_ways_the_victim_is_never_suspended_and_stays_protected()
    {
        var (attackerStopped, ways) = (0, new SortedSet<string>(StringComparer.Ordinal));
        for (var seed = 0; seed < Ways; seed++)
        {
            var attempt = new Attempt(seed);
            attempt.Run();
            ways.Add(attempt.Way);
            attackerStopped += attempt.Response.Orders.Exists(o => o.AgentId != Victim) ? 1 : 0;
            Assert.True(attempt.Response.Orders.TrueForAll(o => o.AgentId != Victim), $"seed {seed}, {attempt.Way}: the victim was suspended");
            Assert.True(attempt.Response.Orders.TrueForAll(o => !o.Credentials.Contains("victim-key") && o.Target.Id != "victim-key"), $"seed {seed}, {attempt.Way}: its credential was");
            Assert.Null(attempt.Response.Engine.Forbidding(Victim, "victim-session", "victim-key"));
            Assert.True(attempt.IsVictimStillProtected(), $"seed {seed}, {attempt.Way}: there was nothing left to protect the victim's group with");
        }

        // Attempts that are never noticed would prove nothing.
        Assert.Equal(8, ways.Count);
        Assert.InRange(attackerStopped, Ways * 6 / 10, Ways);
    }

    private sealed class Attempt
    {
        private readonly Random _random;
        private readonly DetectionEngine _detection;
        private readonly DetectionOutput _found = new();
        private readonly List<ToolCall> _seen = [];
        private DateTimeOffset _now = Start;
        private int _calls;

        public Attempt(int seed)
        {
            _random = new Random(seed);
            var options = new ResponseOptions
            {
                Suspension = new SuspensionOptions { Mode = SuspensionMode.Automatic, MinimumHistory = TimeSpan.Zero, MaxPerHour = 4, MaxFleetPercent = 20 },
            };
            Response = new ResponseRun(options, Registry, Policies[seed % Policies.Length]);
            _detection = new DetectionEngine(new DetectionOptions(), StandardDetectors.Create(new DetectorsOptions(), Some.Key, Registry), new VolatileState(), Registry);
            Way = (seed / Policies.Length % 8) switch
            {
                0 => "own calls that name the victim's session",
                1 => "own calls that borrow the victim's credential",
                2 => "look-alike ids",
                3 => "the victim's records once more",
                4 => "the victim's records in another order and from long ago",
                5 => "a flood of made-up ids",
                6 => "a flood of the own agent",
                _ => "everything, and false alarms for a disarm",
            };
        }

        public string Way { get; }

        public ResponseRun Response { get; }

        public void Run()
        {
            for (var minute = 0; minute < 12; minute++)
            {
                VictimWorks();
                for (var i = _random.Next(1, 12); i > 0; i--)
                {
                    Attack();
                }

                _now = _now.AddMinutes(1);
            }

            _detection.Advance(_now.AddMinutes(10), _found);
            Respond();
            if (Way.StartsWith("everything", StringComparison.Ordinal))
            {
                // The analysts judge rightly: the attacker's agents had done nothing that harmed.
                foreach (var order in Response.Orders.Where(o => o.Action == SuspensionAction.Suspend).ToList())
                {
                    Response.Feed(Some.Command(OperatorCommandKind.Verdict, order.SuspensionId, _now) with { Verdict = Verdict.False });
                }
            }
        }

        /// <summary>The victim's colleague goes wrong for real now: is there budget and an armed automation left for it?</summary>
        public bool IsVictimStillProtected() => Response.Feed(Some.AnomalyFound(_now, "billing-agent-2", score: 12)) == 1;

        private void Attack()
        {
            switch (Way)
            {
                case "own calls that name the victim's session":
                    Send(Attacker, "bank.pay", "mallory-key", "victim-session");
                    break;
                case "own calls that borrow the victim's credential":
                    Send(Attacker, "bank.pay", "victim-key", _random.Next(2) == 0 ? "victim-session" : "own");
                    break;
                case "look-alike ids":
                    Send(LookAlikes[_random.Next(LookAlikes.Length)], "bank.drop", "victim-key", "victim-session", CallStatus.Denied);
                    Send("mallory-" + LookAlikes[_random.Next(LookAlikes.Length)], "bank.drop", "victim-key", "victim-session");
                    break;
                case "the victim's records once more" when _seen.Count > 0:
                    Process(_seen[_random.Next(_seen.Count)]);
                    break;
                case "the victim's records in another order and from long ago" when _seen.Count > 0:
                    foreach (var call in _seen.OrderBy(_ => _random.Next()).Take(20).ToList())
                    {
                        Process(call);
                    }

                    break;
                case "a flood of made-up ids":
                    for (var i = 0; i < 10; i++)
                    {
                        Send($"mallory-{_random.Next(1000)}", "bank.pay", "victim-key", "victim-session");
                    }

                    break;
                case "a flood of the own agent":
                    for (var i = 0; i < 20; i++)
                    {
                        Send(Attacker, "bank.pay", "mallory-key", $"s{_random.Next(100)}");
                    }

                    break;
                default:
                    Send(_random.Next(3) == 0 ? Attacker : $"mallory-{_random.Next(20)}", "bank.pay", _random.Next(2) == 0 ? "victim-key" : "x", "victim-session");
                    break;
            }
        }

        private void VictimWorks()
        {
            for (var i = 0; i < 3; i++)
            {
                _seen.Add(Send(Victim, "bank.pay", "victim-key", "victim-session"));
            }

            Send("billing-agent-2", "bank.pay", "victim-key-2", "other-session");
        }

        private ToolCall Send(string agent, string tool, string credential, string session, CallStatus status = CallStatus.Ok)
        {
            var call = Some.ToolCall(_now.AddSeconds(_calls % 60), $"c{_calls++}", agent, tool, ["bank/accounts"], status, credential: credential);
            call.SessionId = session;
            Process(call);
            return call;
        }

        private void Process(ToolCall call)
        {
            _detection.Process(call, _now.AddMinutes(1), _found);
            Respond();
        }

        private void Respond()
        {
            foreach (var anomaly in _found.Anomalies)
            {
                Response.Feed(new AnomalyFound(anomaly, _now));
            }

            foreach (var sighting in _found.Sightings)
            {
                Response.Feed(new AgentSeen(sighting.AgentId, sighting.Time, _now));
            }

            _found.Clear();
        }
    }
}
