using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors.Volume;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;
using CsCheck;

namespace AgentSentinel.Core.Tests.Detectors.Volume;

/// <summary>Minutes without calls are closed many at a time, which must not be told from closing each of them.</summary>
public sealed class SilentMinutesTests
{
    private const long Begin = 1_065_000_000;

    [Theory]
    [InlineData(LearningGate.Open)]
    [InlineData(LearningGate.Suspicious)]
    [InlineData(LearningGate.Frozen)]
    public void ManyAreClosedAsIfEachWereClosed(LearningGate gate) => Gen.Select(Gen.Int[1, 40].Array[30, 60], Gen.Int[0, 3000]).Sample(
        (counts, silence) =>
        {
            var (each, many) = (new Life(), new Life());
            foreach (var count in counts)
            {
                foreach (var life in (Life[])[each, many])
                {
                    life.Close(count, LearningGate.Open);
                }

                each.BeSilent(97, gate);
                many.BeSilentAtOnce(97, gate);
            }

            each.BeSilent(silence, gate);
            many.BeSilentAtOnce(silence, gate);

            Assert.Equal(each.Model.Next, many.Model.Next);
            Equal(each.Model.ExpectedNow.One, many.Model.ExpectedNow.One);
            Equal(each.Model.ExpectedNow.Five, many.Model.ExpectedNow.Five);
            Equal(each.Model.LastHour.Expected, many.Model.LastHour.Expected);
            var (after, atOnce) = (each.Close(50, LearningGate.Open), many.Close(50, LearningGate.Open));
            Equal(after.Surprisal, atOnce.Surprisal);
            Equal(after.LogReturnPeriod, atOnce.LogReturnPeriod);
        },
        iter: 20);

    [Theory]
    [InlineData(LearningGate.Open)]
    [InlineData(LearningGate.Suspicious)]
    [InlineData(LearningGate.Frozen)]
    public void AmountsThatIdleAreAsIfTheyWereLookedAt(LearningGate gate) =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 200]).Array[30, 60].Sample(
            minutes =>
            {
                var (passed, closed) = (new Amounts(passesIdle: true), new Amounts(passesIdle: false));
                foreach (var (amount, silence) in minutes)
                {
                    Assert.Equal(closed.Close(amount), passed.Close(amount));
                    Assert.Equal(closed.BeSilent(silence, gate), passed.BeSilent(silence, gate));
                }

                Assert.Equal(closed.Saved(), passed.Saved());
            },
            iter: 20);

    private static void Equal(double expected, double actual) => Assert.True(expected.Equals(actual) || Math.Abs(expected - actual) <= 1e-3 * (Math.Abs(expected) + 1), $"{actual} and not {expected}");

    private sealed class Life
    {
        private readonly VolumePeers _peers = new(CallModel.Priors);
        private CallModel _model;

        public Life() => _model.Begin(Begin, _peers);

        public CallModel Model => _model;

        public VolumeReading Close(double count, LearningGate gate)
        {
            var reading = VolumeReading.None;
            _model.Close(count, gate, _peers, 1, ref reading);
            return reading;
        }

        public void BeSilent(int minutes, LearningGate gate)
        {
            for (; minutes > 0; minutes--)
            {
                Close(0, gate);
            }
        }

        public void BeSilentAtOnce(int minutes, LearningGate gate)
        {
            var reading = VolumeReading.None;
            while (minutes > 0)
            {
                minutes -= _model.CloseSilent(minutes, gate, _peers, ref reading);
            }
        }
    }

    private sealed class Amounts(bool passesIdle)
    {
        private static readonly AmountKind Records = new(1, "records", "records", 0.15, false);

        private readonly VolumePeers _peers = new([.. CallModel.Priors, new GumbelPrior(0.5, 0.7)]);
        private CallModel _calls;
        private AmountModel _amount;

        public VolumeReading Close(double amount)
        {
            if (_calls.Next == 0)
            {
                _calls.Begin(Begin, _peers);
            }

            var (reading, found) = (VolumeReading.None, VolumeReading.None);
            var expected = _calls.ExpectedNow;
            _calls.Close(2, LearningGate.Open, _peers, 1, ref reading);
            _amount.Close(Records, amount, _calls.Closed(2, expected, _peers), LearningGate.Open, _peers, ref found);
            return found;
        }

        public VolumeReading BeSilent(int minutes, LearningGate gate)
        {
            var (reading, found) = (VolumeReading.None, VolumeReading.None);
            while (minutes > 0)
            {
                var closed = _calls.CloseSilent(minutes, gate, _peers, ref reading);
                minutes -= closed;
                var next = _calls.Next;
                var halfHour = next % 30 == 0 ? AmountModel.OfHalfHour(next) : -1;
                if (next % CallForecast.BinMinutes != 0)
                {
                    _amount.Pass(next, closed, -1, -1);
                }
                else if (passesIdle && next % 60 != 0 && _amount.IsIdle(halfHour))
                {
                    _amount.Pass(next, closed, AmountModel.OfBin(next), halfHour);
                }
                else
                {
                    _amount.CloseSilent(Records, closed, _calls.Closed(0, default, _peers), gate, _peers, ref found);
                }
            }

            return found;
        }

        public byte[] Saved()
        {
            var writer = new MemoryWriter();
            _amount.Save(writer);
            return writer.Written.ToArray();
        }
    }
}
