namespace AgentSentinel.MachineLearning.Tests.Series;

public sealed class GoldenProbe
{
    [Fact]
    public void Probe()
    {
        using var log = new StreamWriter("/tmp/probe.txt");
        foreach (var g in GoldenCase.All)
        {
            var (inputs, outputs) = g.Read();
            var engine = g.Plan.CreateEngine();
            if (g.Mode == "stream") continue;
            double alerts = 0, raw = 0, rawRel = 0, p = 0, pRel = 0, m = 0; int gold = 0; int bad3 = 0; int nanmis = 0;
            for (var i = 0; i < inputs.Length; i++)
            {
                var s = engine.Push(inputs[i]);
                double[] ours = g.Detector == "DetectAnomalyBySrCnn" ? [s.Alert ? 1 : 0, s.Raw, s.Magnitude] : [s.Alert ? 1 : 0, s.Raw, s.PValue, s.Martingale];
                var o = outputs[i];
                gold += (int)o[0];
                for (var k = 0; k < o.Length; k++) if (double.IsNaN(o[k]) != double.IsNaN(ours[k])) nanmis++;
                alerts += Math.Abs(ours[0] - o[0]);
                if (double.IsNaN(o[1])) continue;
                var d = Math.Abs(ours[1] - o[1]);
                raw = Math.Max(raw, d / Math.Max(1, Math.Abs(inputs[i])));
                if (d > 0) rawRel = Math.Max(rawRel, d / Math.Abs(o[1]));
                if (d > 1e-3 * Math.Max(Math.Abs(o[1]), 1e-2)) bad3++;
                if (double.IsNaN(o[2])) continue;
                p = Math.Max(p, Math.Abs(ours[2] - o[2]));
                if (ours[2] != o[2]) pRel = Math.Max(pRel, Math.Abs(ours[2] - o[2]) / Math.Abs(o[2]));
                if (o.Length > 3 && ours[3] != o[3]) m = Math.Max(m, Math.Abs(ours[3] - o[3]) / Math.Abs(o[3]));
            }
            log.WriteLine($"{g.File,-90} alertdiff {alerts}/{gold} raw {raw:E1} rawRel {rawRel:E1} >1e-3: {bad3} p {p:E1} pRel {pRel:E1} mRel {m:E1} nan {nanmis} [{g.ParityClass[..10]}]");
        }
    }
}
