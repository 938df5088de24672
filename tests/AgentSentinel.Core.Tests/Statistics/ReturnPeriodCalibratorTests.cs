using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Tests.Statistics;

public sealed class ReturnPeriodCalibratorTests
{
    private static readonly GumbelPrior Prior = new(1.5, 0.5);

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    [InlineData(2)]
    public void The_promise_is_kept_for_probabilities_that_are_wrong_by_a_power(double power)
    {
        // Surprisals of correct probabilities, times the power: what a detector says whose tail is too light or too heavy.
        var random = new Random(71);
        var (alarms, blocks) = (0, 0);
        for (var agent = 0; agent < 200; agent++)
        {
            var calibrator = default(ReturnPeriodCalibrator);
            for (var block = 0; block < 400; block++)
            {
                var largest = 0.0;
                for (var i = 0; i < 50; i++)
                {
                    largest = Math.Max(largest, -power * Math.Log10(1 - random.NextDouble()));
                }

                if (block >= 60)
                {
                    alarms += calibrator.LogReturnPeriod(largest, Prior) >= 2 ? 1 : 0;
                    blocks++;
                }

                calibrator.Observe(largest);
                calibrator.EndBlock(Prior);
            }
        }

        // Once in a hundred blocks; what is too light to be believed alarms less.
        Assert.InRange(alarms * 100.0 / blocks, power < 1 ? 0 : 0.5, 1.8);
    }

    [Fact]
    public void What_was_seen_counts_for_no_more_blocks_than_it_may()
    {
        var (limited, calibrator) = (Learned(), Learned());
        limited.Limit(5);
        Assert.Equal((5, 30), (limited.Blocks, calibrator.Blocks));
        Assert.Equal(calibrator.Fit(), limited.Fit());
        limited.EndBlock(Prior);
        calibrator.EndBlock(Prior);
        Assert.True(limited.Fit().Location < calibrator.Fit().Location);
        limited.Limit(0);
        Assert.Equal(default(ReturnPeriodCalibrator).LogReturnPeriod(4, Prior), limited.LogReturnPeriod(4, Prior));

        static ReturnPeriodCalibrator Learned()
        {
            var learned = default(ReturnPeriodCalibrator);
            for (var block = 0; block < 30; block++)
            {
                learned.Observe(2);
                learned.EndBlock(Prior);
            }

            return learned;
        }
    }

    [Fact]
    public void The_return_period_grows_with_the_surprisal_and_is_inverted()
    {
        var calibrator = default(ReturnPeriodCalibrator);
        var before = double.NegativeInfinity;
        for (var surprisal = 0.0; surprisal < 300; surprisal += 0.25)
        {
            var log = calibrator.LogReturnPeriod(surprisal, Prior);
            Assert.True(double.IsFinite(log) && log >= before);
            before = log;
            if (log >= 1)
            {
                Assert.Equal(surprisal, calibrator.Surprisal(log, Prior), 1e-6 * (1 + surprisal));
            }
        }
    }

    [Theory]
    [InlineData(-1, 0.029647560672387)]
    [InlineData(-0.001, 0.198947408916075)]
    [InlineData(0, 0.199200084627781)]
    [InlineData(0.5, 0.342216989548836)]
    [InlineData(10, 4.342954677464708)]
    [InlineData(100, 43.429448190325183)]
    public void A_return_period_is_that_of_the_block_maximum(double scales, double logBlocks)
    {
        // −log10 (1 − exp(−e^−z)), evaluated with 30 digits.
        var surprisal = Prior.Location + (scales * Prior.Scale);
        Assert.Equal(logBlocks, default(ReturnPeriodCalibrator).LogReturnPeriod(surprisal, Prior), 1e-12);
    }

    [Fact]
    public void Without_history_it_is_what_its_peers_say_and_one_attack_hardly_moves_it()
    {
        var calibrator = default(ReturnPeriodCalibrator);
        Assert.Equal(Math.Log10(1 / (1 - Math.Exp(-1))), calibrator.LogReturnPeriod(1.5, Prior), 1e-9);
        for (var block = 0; block < 100; block++)
        {
            calibrator.Observe(1.5 + (0.3 * Math.Sin(block)));
            calibrator.EndBlock(Prior);
        }

        var usual = calibrator.LogReturnPeriod(5, Prior);
        calibrator.Observe(300);
        calibrator.EndBlock(Prior);
        Assert.InRange(calibrator.LogReturnPeriod(5, Prior), 0.7 * usual, 1.1 * usual);
    }

    [Fact]
    public void It_survives_saving_and_refuses_what_is_no_calibrator()
    {
        var calibrator = default(ReturnPeriodCalibrator);
        calibrator.Observe(2);
        calibrator.EndBlock(Prior);
        calibrator.Observe(1);
        var writer = new MemoryWriter();
        calibrator.Save(writer);
        var reader = new MemoryReader(writer.Written);
        Assert.Equal(calibrator, ReturnPeriodCalibrator.Load(ref reader));
        reader.ExpectEnd();
        writer.Clear();
        writer.WriteSingle(float.NaN);
        writer.WriteUInt64(0);
        writer.WriteUInt32(0);
        Assert.Throws<MemoryFormatException>(() =>
        {
            var damaged = new MemoryReader(writer.Written);
            ReturnPeriodCalibrator.Load(ref damaged);
        });
    }
}
