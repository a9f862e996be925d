using Microsoft.EntityFrameworkCore.Migrations;

namespace Anomalies.Persistence.Migrations;

/// <summary>
/// The anomalies and their head. Written as statements because a process may be ended between any two of them: each makes one whole table
/// with its indexes, or finds it there.
/// </summary>
internal sealed partial class Initial : Migration
{
    private const string Options = "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            $"""
            CREATE TABLE IF NOT EXISTS anomaly (
                no BIGINT NOT NULL,
                id BINARY(16) NOT NULL,
                detector VARCHAR(64) NOT NULL,
                anomaly_type VARCHAR(64) NOT NULL,
                type_id SMALLINT UNSIGNED NOT NULL,
                trace_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
                event_id VARCHAR(250) NOT NULL,
                partition_no SMALLINT UNSIGNED NOT NULL,
                seq BIGINT UNSIGNED NULL,
                description VARCHAR(1000) NOT NULL,
                detected_at DATETIME(6) NOT NULL,
                PRIMARY KEY (no),
                UNIQUE KEY anomaly_id (id),
                KEY anomaly_trace_id (trace_id),
                KEY anomaly_event_type (type_id, no)
            ) {Options}
            """
        );
        migrationBuilder.Sql(
            $"""
            CREATE TABLE IF NOT EXISTS anomaly_head (
                id TINYINT UNSIGNED NOT NULL,
                next_no BIGINT NOT NULL,
                open_since DATETIME(6) NULL,
                PRIMARY KEY (id)
            ) {Options}
            """
        );
    }

    /// <summary>There is no way back: it would drop what was found.</summary>
    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("Anomalies are never dropped.");
}
