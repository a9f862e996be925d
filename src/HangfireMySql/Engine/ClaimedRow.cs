namespace Hangfire.MySql.Engine;

/// <summary>A row of the queue that was taken under a token.</summary>
internal readonly record struct ClaimedRow(long Id, long JobId, string Queue, long Token);
